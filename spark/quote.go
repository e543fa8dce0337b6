package spark

import "strings"

// shellQuote returns a word that every POSIX shell reads as s: s itself where
// no character of it means anything to a shell, or s in single quotes, in
// which nothing but the single quote does. No shell word can hold a NUL.
func shellQuote(s string) string {
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// plain are the characters that mean nothing to a shell in an argument. A
// tilde, a brace or an equals sign at the start of a word would.
const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:,@%="
