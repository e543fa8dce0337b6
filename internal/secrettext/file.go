package secrettext

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// File says what secret stands in a file, as one in a config map: a text as
// Text finds it, or a setting of one of the formats that are known by the
// name's ending. The words go after the file's name: "holds a private key",
// "sets spring.datasource.password in line 3". Empty where there is none.
func File(name, content string) string {
	if what := Text(content); what != "" {
		return "holds " + what
	}
	ending := strings.ToLower(path.Ext(name))
	switch ending {
	case ".properties", ".env", ".conf", ".cfg", ".ini", ".yaml", ".yml", ".json":
		return lines(content, assignment)
	case ".xml":
		return lines(content, property)
	}
	// A config map's entry that is a variable: DB_PASSWORD: x
	if !strings.Contains(strings.TrimSpace(content), "\n") && Named(name, content) {
		return "is written out"
	}
	return ""
}

var (
	// assignment matches a line "name = value", "name: value" or "name":
	// "value", with the commas and quotes around them.
	assignment = regexp.MustCompile(`(?m)^[ \t]*(?:export[ \t]+)?(?:-[ \t]+)?["']?([A-Za-z][\w.-]*)["']?[ \t]*[=:][ \t]*(.*?)[ \t]*,?[ \t]*\r?$`)
	// property matches one of Hadoop's: hive-site.xml, core-site.xml.
	property = regexp.MustCompile(`<name>\s*([\w.-]+)\s*</name>\s*<value>\s*([^<]*?)\s*</value>`)
)

// lines returns the first setting with a secret.
func lines(content string, setting *regexp.Regexp) string {
	lower := strings.ToLower(content)
	for _, word := range words {
		if !strings.Contains(lower, word) {
			continue
		}
		for _, m := range setting.FindAllStringSubmatchIndex(content, -1) {
			name, value := content[m[2]:m[3]], strings.Trim(content[m[4]:m[5]], `"'`)
			if plain(value) && Named(name, value) {
				return fmt.Sprintf("sets %s in line %d", name, 1+strings.Count(content[:m[2]], "\n"))
			}
		}
		return ""
	}
	return ""
}

// plain reports whether a value is neither an expression nor something of the
// format's own: a comment, a tag, the beginning of a block.
func plain(value string) bool {
	return value != "" && !strings.ContainsAny(value[:1], "#!|>&*") && !strings.ContainsAny(value, "([{")
}
