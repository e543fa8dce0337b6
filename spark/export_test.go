package spark

// ShellQuote is tested against a real shell.
var ShellQuote = shellQuote
