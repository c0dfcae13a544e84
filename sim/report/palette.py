"""Colours and type of page and figures. Colours: Okabe and Ito's set, told apart by colour-blind readers."""

INK = "#1f2933"
QUIET = "#66737f"
RULE = "#d5dbe1"
BLUE = "#0072b2"
SKY = "#56b4e9"
GREEN = "#009e73"
ORANGE = "#e69f00"
RED = "#c8450c"
PURPLE = "#9a5b86"
PAPER = "#ffffff"

SANS = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',SimHei,'Segoe UI',sans-serif"

# series -> colour; services take SERVICE
SERIES = {
    "wind_mps": SKY,
    "gust_mps": BLUE,
    "rain_mmph": BLUE,
    "stage_m": BLUE,
    "buildings_flooded": BLUE,
    "customers_out": ORANGE,
    "n_waiting": ORANGE,
    "n_moving": SKY,
    "n_sheltered": GREEN,
    "n_stranded": RED,
}
SERVICE = GREEN

# depth classes of the map: lower bound in m and colour, light to dark so that grey print keeps the order
DEPTHS = ((0.05, "#dcebf7"), (0.15, "#a9cfe8"), (0.3, "#6aaed6"), (0.5, "#3182bd"), (1.0, "#0b4a8a"))
