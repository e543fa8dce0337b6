package argo

import (
	"errors"
	"slices"
	"strings"

	"github.com/Knetic/govaluate"
)

// condProblem is what is wrong with a condition; empty if nothing.
type condProblem struct{ detail, fix string }

// tagCandidates are what a tag may stand for in a condition: a word, a number,
// a truth value, a list, nothing.
var tagCandidates = []string{"abc", "1", "true", "('a', 'b')", ""}

// maxWays bounds how many ways to fill a condition's tags are tried, maxTries
// how many of all conditions; then those of one value for all tags are left.
const (
	maxWays  = 125
	maxTries = 20_000
)

// condition checks a when. Argo puts the tags in as text, and gives the result
// to govaluate; words without quotes are texts. What a tag becomes is not
// known: only what no value can save is a problem.
func (r *resolver) condition(at *place, text string, cron bool) {
	pattern, tags := replaceTags(text, func(int, tag) string { return "\x00" })
	key := pattern
	if cron {
		key = "cron " + pattern
	}
	bad, seen := r.conds[key]
	if !seen {
		tries := ways(tags)
		if r.tried += tries; r.tried > maxTries {
			tries = min(tries, len(tagCandidates))
		}
		bad = checkCondition(pattern, tags, tries, cron)
		r.conds[key] = bad
	}
	if bad.detail != "" {
		r.report(RuleExpression, at.String(), bad.fix, "%s %s", quoted(text), bad.detail)
	}
}

func checkCondition(pattern string, tags, tries int, cron bool) condProblem {
	var worst condProblem
	parses := false
	for i := range tries {
		filled := fill(pattern, i)
		tokens, err := conditionTokens(filled)
		if err != nil {
			if worst.detail == "" {
				worst = condProblem{"can't be read: " + err.Error(), "quote texts of more than one word"}
			}
			continue
		}
		if !parses {
			parses = true
			worst = condProblem{"is no condition", "compare something"}
			if cron {
				worst.fix = "quote texts: a CronWorkflow's when takes words without quotes for variables"
			}
		}
		if evaluates(tokens, cron) {
			worst = condProblem{}
			break
		}
	}
	if parses && tries < allWays(tags) {
		worst = condProblem{} // not all ways were tried
	}
	if dash := subtraction(fill(pattern, 1)); worst == (condProblem{}) && dash != "" {
		return condProblem{"calculates with " + dash + ", which is a text", "quote it"}
	}
	return worst
}

// ways is how many fillings of the tags to try: all alike first.
func ways(tags int) int { return min(allWays(tags), maxWays+len(tagCandidates)) }

func allWays(tags int) int {
	if tags == 0 {
		return 1
	}
	n := 1
	for range min(tags, 8) {
		n *= len(tagCandidates)
	}
	return n + len(tagCandidates)
}

// fill puts the i-th choice of candidates in place of the tags.
func fill(pattern string, i int) string {
	k := len(tagCandidates)
	alike, mixed := i < k, i-k
	var b strings.Builder
	for n, part := range strings.Split(pattern, "\x00") {
		switch {
		case n == 0:
		case alike:
			b.WriteString(tagCandidates[i])
		default:
			b.WriteString(tagCandidates[mixed%k])
			mixed /= k
		}
		b.WriteString(part)
	}
	return b.String()
}

var errCondition = errors.New("it is no condition")

// conditionTokens parses, and shields the caller from a parser that panics.
func conditionTokens(text string) (tokens []govaluate.ExpressionToken, err error) {
	defer func() {
		if recover() != nil {
			err = errCondition
		}
	}()
	e, err := govaluate.NewEvaluableExpression(text)
	if err != nil {
		return nil, err
	}
	return e.Tokens(), nil
}

// evaluates reports whether a condition comes to true or false. Words become
// texts, but for a CronWorkflow's when.
func evaluates(tokens []govaluate.ExpressionToken, cron bool) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	tokens = slices.Clone(tokens)
	for i := range tokens {
		if tokens[i].Kind == govaluate.VARIABLE && !cron {
			tokens[i].Kind = govaluate.STRING
		}
	}
	e, err := govaluate.NewEvaluableExpressionFromTokens(tokens)
	if err != nil {
		return false
	}
	v, err := e.Evaluate(nil)
	if err != nil {
		return false
	}
	_, ok = v.(bool)
	return ok
}

// subtraction finds words that are part of a calculation: my-name is my minus
// name, also where the other half of an || hides it.
func subtraction(text string) string {
	tokens, err := conditionTokens(text)
	if err != nil {
		return ""
	}
	for i := 1; i+1 < len(tokens); i++ {
		op, isText := tokens[i].Value.(string)
		if tokens[i].Kind != govaluate.MODIFIER || !isText || op == "+" {
			continue
		}
		before, after := tokens[i-1], tokens[i+1]
		if before.Kind == govaluate.VARIABLE || after.Kind == govaluate.VARIABLE {
			return strings.TrimSpace(word(before) + op + word(after))
		}
	}
	return ""
}

func word(t govaluate.ExpressionToken) string {
	if s, ok := t.Value.(string); ok {
		return s
	}
	return "…"
}
