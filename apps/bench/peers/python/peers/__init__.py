"""The peers. Each module has `version()`, and `WORKS`: by name, a function (arrays, options, threads) that prepares a work and
returns it as a function without arguments; what that returns is a function that gives the result, as arrays and numbers."""
