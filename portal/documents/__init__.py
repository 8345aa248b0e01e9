"""Documents that leave the portal: an issued version as a tagged PDF."""
