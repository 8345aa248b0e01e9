"""What every page needs of Flask: this request's database and time, rendering, forms, errors and headers."""
