package argo

// values checks what stands alone: each value against what Argo reads there.
func (c *checker) values() {}
