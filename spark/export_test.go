package spark

// ShellQuote is tested against a real shell.
var ShellQuote = shellQuote

// OwnField is where a field of the view of an object stands in it.
var OwnField = ownField

// ApacheView writes an application of Apache's operator as one of Kubeflow's.
var ApacheView = apacheView
