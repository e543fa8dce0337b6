package workflow

// Practices are the rules about what Argo takes.
var Practices = practices
