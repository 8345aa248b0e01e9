"""Fictional caseloads of any size: each case is made from its number alone, and lived through by the portal's rules."""
