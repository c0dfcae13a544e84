"""What is: columns of zones, buildings, households, people, roads, sites, cells. Nothing here acts."""
