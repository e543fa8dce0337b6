package argo

// names checks what refers to something by name: templates, tasks, arguments
// and variables.
func (c *checker) names() {}
