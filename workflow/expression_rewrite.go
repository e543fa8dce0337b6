package workflow

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"

	"github.com/millrace/millrace/internal/argo"
)

// mention is a variable in the text of an expression, from one rune up to
// another.
type mention struct {
	variable Variable
	from, to int
}

// rewriteExpression calls rename for every variable of Argo's in a text of
// expr-lang, and returns the text with those written anew for which rename
// returns true. All else of it stays as it is. The error says why it is no
// text of expr-lang.
func rewriteExpression(text string, rename func(Variable) (Variable, bool)) (string, error) {
	found, err := mentions(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	runes, done := []rune(nil), 0
	for _, m := range found {
		to, ok := rename(m.variable)
		if !ok || to == m.variable {
			continue
		}
		if !variableName.MatchString(string(to)) {
			return "", fmt.Errorf("%q is not the name of a variable", to)
		}
		if runes == nil {
			runes = []rune(text)
		}
		out.WriteString(string(runes[done:m.from]))
		out.WriteString(exprVariable(string(to)))
		done = m.to
	}
	if runes == nil {
		return text, nil
	}
	out.WriteString(string(runes[done:]))
	return out.String(), nil
}

// mentions finds Argo's variables in a text of expr-lang: the chains of members
// with fixed names that begin with one of Argo's words.
func mentions(text string) ([]mention, error) {
	if _, err := parser.Parse(text); err != nil {
		return nil, err
	}
	tokens, err := lexer.Lex(file.NewSource(text))
	if err != nil {
		return nil, err
	}
	var out []mention
	for i := 0; i < len(tokens); i++ {
		if !beginsVariable(tokens, i) {
			continue
		}
		names, last := chainMembers(tokens, i)
		out = append(out, mention{Variable(strings.Join(names, ".")), tokens[i].From, tokens[last].To})
		i = last
	}
	return out, nil
}

// begins reports whether a variable of Argo's begins at a token: not a member of
// something else, a key of a map, or a name that the expression gives itself.
func beginsVariable(tokens []lexer.Token, i int) bool {
	t := tokens[i]
	if t.Kind != lexer.Identifier || !argo.Root(t.Value) {
		return false
	}
	for j := range i {
		if tokens[j].Is(lexer.Operator, "let") && tokens[j+1].Value == t.Value {
			return false
		}
	}
	if i == 0 {
		return true
	}
	before := tokens[i-1]
	if before.Is(lexer.Operator, ".", "?.", "#") {
		return false
	}
	key := before.Is(lexer.Bracket, "{") || before.Is(lexer.Operator, ",")
	return !key || !tokens[i+1].Is(lexer.Operator, ":")
}

// members reads the names of a variable's members from where it begins, and
// returns them with the last of their tokens. The last token of all is the end
// of the text.
func chainMembers(tokens []lexer.Token, i int) (names []string, last int) {
	names, last = []string{tokens[i].Value}, i
	for {
		rest := tokens[last+1:]
		switch {
		case rest[0].Is(lexer.Operator, ".", "?.") && identifier.MatchString(rest[1].Value):
			names, last = append(names, rest[1].Value), last+2
		case rest[0].Is(lexer.Bracket, "[") && rest[1].Is(lexer.String) && rest[2].Is(lexer.Bracket, "]"):
			names, last = append(names, rest[1].Value), last+3
		default:
			return names, last
		}
	}
}
