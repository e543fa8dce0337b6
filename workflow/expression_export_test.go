package workflow

import (
	"errors"

	"github.com/millrace/millrace"
)

// What the tests of expressions see of them: the texts, and what they mention.

func ExpressionText(e Expression) string          { return e.text() }
func ExpressionWhen(e Expression) string          { return e.when() }
func ExpressionNone(e Expression) bool            { return e.none() }
func ExpressionTasks(e Expression) []*Task        { return e.tasks() }
func ExpressionVariables(e Expression) []Variable { return e.variables() }
func ExpressionDepends(e Expression) (string, []millrace.Finding) {
	var c check
	text := e.depends(&c, "Depends")
	return text, findingsOf(&c)
}

// ExpressionProblems are those of a value, a condition (of a hook), and a when.
func ExpressionProblems(e Expression, place string) []millrace.Finding {
	var c check
	e.problems(&c, "Field", map[string]exprPlace{"value": asValue, "condition": asCondition, "when": asWhen, "artifact": asArtifact}[place])
	return findingsOf(&c)
}

var RewriteExpression = rewriteExpression

func findingsOf(c *check) []millrace.Finding {
	var err *millrace.BuildError
	if errors.As(c.Err(), &err) {
		return err.Findings
	}
	return nil
}
