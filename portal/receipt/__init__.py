"""The one file that goes out with every receipt: it needs nothing of the portal, and the portal borrows from it."""
