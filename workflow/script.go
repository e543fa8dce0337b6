package workflow

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/argo"
)

// Script is a step that runs a program whose text stands in the manifest. What
// it writes to its standard output is the task's Result.
//
// The program gets its values in Env or Args. A reference inside of Source
// would make the value a part of the program: whoever chooses the value would
// choose what runs.
//
// It runs as the user 8737, as a Container does.
type Script struct {
	// Image is the image with the interpreter. Required.
	//
	// Rendered as script.image.
	Image string
	// Command is the interpreter with its arguments: {"python"}. Argo appends
	// the path of a file with the program. Required, but for templates that
	// are Plain.
	//
	// Rendered as script.command.
	Command []string
	// Source is the program. It may hold Variable.JSON where the strings of its
	// language are those of JSON, as in Python and JavaScript and in no shell, and
	// what the API server made: RunName and its like. Required, unless Base has
	// one.
	//
	// Rendered as script.source.
	Source string
	// Args are the arguments of the program, after its path. Nil means none.
	//
	// Rendered as script.args.
	Args []string
	// Env is the environment. Nil means none.
	//
	// Rendered as script.env.
	Env []corev1.EnvVar
	// Mounts are where the volumes of the template are seen. Nil means none.
	//
	// Rendered as script.volumeMounts.
	Mounts []corev1.VolumeMount
	// CPU is what the script asks for; it may use more. Zero means 500m.
	//
	// Rendered as script.resources.requests.cpu.
	CPU resource.Quantity
	// Memory is what the script asks for and may use. Zero means 1 GiB.
	//
	// Rendered as script.resources.requests.memory and limits.memory.
	Memory millrace.Bytes
	// Base holds what has no field of its own here. Base.Source is the door
	// for a program into which Argo is to put values as text: nobody looks
	// into it.
	Base wfv1.ScriptTemplate
}

// template implements Step.
func (s Script) template(c *check, field string, t *wfv1.Template) {
	c.command(field, s.Command, s.Base.Command)
	c.mounts(field+".Mounts", s.Mounts)
	fields := corev1.Container{Image: s.Image, Command: s.Command, Args: s.Args, Env: s.Env, VolumeMounts: s.Mounts}
	ctr := c.container(field, &s.Base.Container, fields, s.CPU, s.Memory)
	t.Script = &wfv1.ScriptTemplate{Container: *ctr, Source: s.Source}
	switch {
	case s.Source == "" && s.Base.Source == "":
		c.Required(field+".Source", "write the program there")
	case s.Source != "" && s.Base.Source != "":
		c.Conflict(field+".Base.Source", "it is set here and by a field of the script", "set it in one place")
	case s.Base.Source != "":
		t.Script.Source = s.Base.Source
	}
	c.source(field+".Source", s.Source, shellOf(ctr.Command))
}

var (
	// programTag finds what Argo would replace in a program. It ignores white
	// space around a name.
	programTag = regexp.MustCompile(`\{\{(=)?\s*((?s:.*?))\s*\}\}`)
	// tagName is what the name of a variable looks like.
	tagName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]*$`)
	// shells are the interpreters in whose strings a value still is a program:
	// "$(…)" runs in double quotes.
	shells = []string{"sh", "bash", "ash", "dash", "zsh", "ksh", "mksh", "fish", "csh", "tcsh"}
)

// sourceFix is what to do about a value in a program.
const sourceFix = "pass the value in Env or Args, or use Variable.JSON() in a language whose strings are JSON's (not a shell)"

// source reports the references in a program that would become a part of it.
func (c *check) source(field, source, shell string) {
	for source != "" {
		tag := programTag.FindStringSubmatchIndex(source)
		if tag == nil {
			return
		}
		whole, expression, body := source[tag[0]:tag[1]], tag[2] >= 0, source[tag[4]:tag[5]]
		// Argo starts a reference at the first brace, and one that means
		// nothing to it may hold another.
		source = source[tag[0]+1:]
		switch {
		case expression && encodes(body) && shell != "":
			c.Add(ruleInvalid, field, fmt.Sprintf("%s would become a part of the program: %s runs what stands in the strings of JSON", clip(whole), shell), sourceFix)
		case expression && !encodes(body), !expression && isValue(body):
			c.Add(ruleInvalid, field, clip(whole)+" would become a part of the program: whoever chooses the value chooses what runs", sourceFix)
		}
	}
}

// isValue reports whether Argo knows the name, and not from the API server.
func isValue(name string) bool {
	scope, _, _ := strings.Cut(name, ".")
	return tagName.MatchString(name) && argo.Root(scope) && !serverVariables[Variable(name)] && !placed(name)
}

// placed reports whether the name stands for something that Argo chooses or the
// template says: where an artifact or an output lies, and the pod's name.
func placed(name string) bool {
	return name == string(PodName) || strings.HasSuffix(name, ".path")
}

// encodes reports whether an expression yields the text of one JSON string, in
// a form that Variable.JSON or a manifest of ours has.
func encodes(expr string) bool {
	for _, form := range []string{Variable("V").JSON(), expression([]piece{{variable: "V"}})} {
		before, after, _ := strings.Cut(form, "V")
		inner, begins := strings.CutPrefix(expr, strings.TrimPrefix(before, "{{="))
		inner, ends := strings.CutSuffix(inner, strings.TrimSuffix(after, "}}"))
		if begins && ends && closes(inner+")") {
			return true
		}
	}
	return false
}

// closes reports whether the parenthesis that is open before a text is closed
// by its last character, and by none before.
func closes(text string) bool {
	depth, quote := 1, byte(0)
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case quote != 0 && b == '\\' && quote != '`':
			i++
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'' || b == '`':
			quote = b
		case b == '(':
			depth++
		case b == ')':
			if depth--; depth == 0 {
				return i == len(text)-1
			}
		}
	}
	return false
}

// shellOf returns the shell that a command starts, also by way of env or
// busybox; empty if it starts none.
func shellOf(command []string) string {
	for _, word := range command {
		if name := path.Base(word); slices.Contains(shells, name) {
			return name
		}
	}
	return ""
}
