package workflow

// Expression is a condition or a computed value, built from typed parts:
// And(first.Succeeded(), count.Output("rows").Greater(0)). The zero Expression
// says nothing: no condition.
type Expression struct {
	// raw is what Expr was given, for the engine that reads the field.
	raw string
	// rest is the developer's of this file.
}

// Expr is the door to what has no function here: a text in the language of the
// engine that reads the field where it is put.
func Expr(text string) Expression { return Expression{raw: text} }

// Ref returns the reference that stands for the value in a text: "{{=…}}".
func (e Expression) Ref() string { return "{{=" + e.text() + "}}" }

// none reports whether the expression says nothing.
func (e Expression) none() bool { return e == Expression{} }

// text renders for expr-lang: hooks, retries, {{=…}}. Variables stand in it by
// the names that a program gives them: tasks['a-b'].outputs.result.
func (e Expression) text() string { return e.raw }

// when renders for "when", which govaluate reads after references are replaced.
func (e Expression) when() string { return e.raw }

// depends renders for the depends of a DAG, which knows the results of tasks
// only, and reports what it doesn't know.
func (e Expression) depends(c *check, field string) string { return e.raw }

// tasks are the tasks whose results it asks for.
func (e Expression) tasks() []*Task { return nil }
