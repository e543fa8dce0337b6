package kafka

import (
	"errors"
	"regexp/syntax"
)

// goPatternFault says what is wrong with a regular expression of Go's; empty
// if nothing is.
func goPatternFault(pattern string) string {
	if _, err := syntax.Parse(pattern, syntax.Perl); err != nil {
		return "it is no regular expression of Go: " + err.Error()
	}
	return ""
}

// javaPatternFault says what is wrong with a regular expression of Java's, as
// far as that can be told here: what is left open, or repeats nothing, is
// wrong in both languages. What Go lacks, such as lookahead, may be right.
func javaPatternFault(pattern string) string {
	_, err := syntax.Parse(pattern, syntax.Perl)
	fault, ok := errors.AsType[*syntax.Error](err)
	if !ok {
		return ""
	}
	switch fault.Code {
	case syntax.ErrMissingParen, syntax.ErrUnexpectedParen, syntax.ErrMissingBracket,
		syntax.ErrTrailingBackslash, syntax.ErrMissingRepeatArgument:
		return "it is no regular expression: " + fault.Code.String()
	}
	return ""
}
