// Package secrettext finds passwords, keys and tokens that are written out
// where a manifest should name a Secret: in settings, environment variables,
// command lines and files.
//
// It finds the clear cases and leaves the rest: a name that is a secret's, or
// a text that can be nothing else. What a variable, a workflow or a config
// provider fills in ("${env:KEY}", "{{inputs.parameters.key}}", "$KEY") is no
// secret yet. Nothing that it returns holds a part of a secret.
package secrettext

import (
	"regexp"
	"strings"
)

// Setting says what is wrong with the value of a setting or an environment
// variable, in words that go after its name: "is written out", "holds a
// private key". Empty where nothing is.
func Setting(name, value string) string {
	if Named(name, value) {
		return "is written out"
	}
	if what := Text(value); what != "" {
		return "holds " + what
	}
	return ""
}

// secretName matches the last part of the names of settings and environment
// variables that hold secrets, in lower case and with dots for '_' and '-'.
var secretName = regexp.MustCompile(`(passw(or)?d|passphrase|\.pwd|secret\.?key|secret\.access\.key|` +
	`(account\.key|client\.?secret)(\.\w+\.(dfs|blob)\..+)?|(shared|jwt|auth|authenticate|encoder)\.?secret|private\.?key|(^|\.)api\.?key|` +
	`(session|access|auth|refresh|bearer|api|github|gitlab|slack|vault|npm|databricks)\.?token|oauthtoken)$`)

// dots writes names as secretName expects them.
var dots = strings.NewReplacer("_", ".", "-", ".")

// words are what secretName can't match without. Few names have one, and
// looking for them first is faster than the expression.
var words = [...]string{"secret", "token", "passw", "passphrase", "pwd", "key"}

// Named reports whether the name is one of a secret and the value is written
// out.
func Named(name, value string) bool {
	if value == "" {
		return false
	}
	name = strings.ToLower(name)
	for _, word := range words {
		if strings.Contains(name, word) {
			return literal(value) && secretName.MatchString(dots.Replace(name)) && !switchOrPath(name, value)
		}
	}
	return false
}

// literal reports whether a value is the thing itself, and nothing that will
// be filled in or stands for it in a documentation.
func literal(value string) bool {
	value = strings.Trim(value, `"' `)
	switch {
	case strings.Contains(value, "{{"), strings.Contains(value, "${"), strings.Contains(value, "$("),
		strings.HasPrefix(value, "$"), strings.HasPrefix(value, "%(") || strings.HasPrefix(value, "%s") || strings.HasPrefix(value, "`"),
		strings.HasPrefix(value, "<") && strings.HasSuffix(value, ">"), strings.HasPrefix(value, "{") && strings.HasSuffix(value, "}"):
		return false
	}
	return strings.Trim(value, "*") != ""
}

// switchOrPath reports whether a value only says whether there is a password
// (ALLOW_EMPTY_PASSWORD=yes), or where the key lies.
func switchOrPath(name, value string) bool {
	switch strings.ToLower(value) {
	case "true", "false", "yes", "no", "on", "off", "1", "0", "none", "null":
		return true
	}
	return !strings.Contains(name, "secret") && (strings.HasPrefix(value, "/") || strings.HasPrefix(value, "file:"))
}

var (
	privateKey = regexp.MustCompile(`-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----`)
	awsKey     = regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`)
	token      = regexp.MustCompile(`\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20}|xox[abprs]-[A-Za-z0-9-]{10,})`)
	login      = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@"'<>]*:([^\s/@"']+)@[^\s@]`)
	jaas       = regexp.MustCompile(`LoginModule\s+(?:required|requisite|sufficient|optional)\b[^;]*?\b(?:password|\w+\.client\.secret)\s*=\s*("[^"]*"|'[^']*'|[^\s;]+)`)
)

// Text says what secret stands in a text, whatever it is: "a private key", "an
// AWS access key". Empty where there is none.
func Text(text string) string {
	if strings.Contains(text, "PRIVATE KEY-----") && privateKey.MatchString(text) {
		return "a private key"
	}
	if strings.Contains(text, "AKIA") || strings.Contains(text, "ASIA") {
		// The AWS documentation's own key ends so.
		if m := awsKey.FindString(text); m != "" && !strings.HasSuffix(m, "EXAMPLE") {
			return "an AWS access key"
		}
	}
	for _, prefix := range [...]string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "glpat-", "xox"} {
		if strings.Contains(text, prefix) && token.MatchString(text) {
			return "an access token"
		}
	}
	if strings.Contains(text, "://") && strings.Contains(text, "@") {
		for _, m := range login.FindAllStringSubmatch(text, -1) {
			if literal(m[1]) {
				return "a password in a URL"
			}
		}
	}
	if strings.Contains(text, "LoginModule") {
		for _, m := range jaas.FindAllStringSubmatch(text, -1) {
			if literal(m[1]) {
				return "the password of a login module"
			}
		}
	}
	return ""
}

// Args reports the secrets in the arguments of a command: the index of the
// argument, and what is wrong in words that go after "it": "gives --password".
// An argument may be a whole script.
func Args(args []string, report func(i int, what string)) {
	for i, arg := range args {
		if what := Text(arg); what != "" {
			report(i, "holds "+what)
			continue
		}
		fields := strings.Fields(arg)
		for _, field := range fields {
			if name := flagWithSecret(field); name != "" {
				report(i, "gives "+name)
				break
			}
		}
		// A flag whose value is the next argument.
		if len(fields) == 1 && i > 0 && !strings.HasPrefix(arg, "-") {
			if name := args[i-1]; strings.HasPrefix(name, "-") && !strings.ContainsAny(name, "= \t\n") && Named(strings.TrimLeft(name, "-"), arg) {
				report(i, "gives "+name)
			}
		}
	}
}

// flagWithSecret returns the name in --name=secret, -Dname=secret and
// spark.name=secret, which follows --conf.
func flagWithSecret(arg string) string {
	arg = strings.Trim(arg, `"'`)
	name, value, ok := strings.Cut(arg, "=")
	if !ok || !strings.HasPrefix(name, "-") && !strings.HasPrefix(name, "spark.") {
		return ""
	}
	if !Named(strings.TrimPrefix(strings.TrimLeft(name, "-"), "D"), value) {
		return ""
	}
	return name
}
