package spark

import (
	"fmt"
	"path"
	"reflect"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
)

func checkEnv(p *millrace.Problems, at string, env []corev1.EnvVar, from []corev1.EnvFromSource) {
	seen := make(map[string]bool)
	for i, e := range env {
		field := fmt.Sprintf("%sEnv[%d]", at, i)
		if e.Name == "" {
			p.Required(field+".Name", "name the variable")
		} else {
			for _, why := range validation.IsEnvVarName(e.Name) {
				p.Invalid(field+".Name", e.Name, why, "use letters, digits, '_', '-' and '.'")
			}
		}
		if seen[e.Name] {
			p.Add(millrace.RuleDuplicate, field+".Name", quoted(e.Name)+" is in the list before", "leave one of the two out")
		}
		seen[e.Name] = true
		if e.ValueFrom == nil {
			continue
		}
		if e.Value != "" {
			p.Conflict(field+".ValueFrom", "Value is set as well", "leave one of the two out")
		}
		checkOneOf(p, field+".ValueFrom", *e.ValueFrom, "name a secret's or a config map's key")
	}
	for i, f := range from {
		field := fmt.Sprintf("%sEnvFrom[%d]", at, i)
		switch {
		case f.SecretRef != nil && f.ConfigMapRef != nil:
			p.Conflict(field, "it names a secret and a config map", "write two of them")
		case f.SecretRef != nil:
			p.Name(field+".SecretRef.Name", f.SecretRef.Name)
		case f.ConfigMapRef != nil:
			p.Name(field+".ConfigMapRef.Name", f.ConfigMapRef.Name)
		default:
			p.Required(field, "name a secret or a config map")
		}
	}
}

func checkVolumes(p *millrace.Problems, at string, volumes []Volume) {
	names, paths := make(map[string]bool), make(map[string]bool)
	for i, v := range volumes {
		field := fmt.Sprintf("%s[%d]", at, i)
		if v.Name == "" {
			p.Required(field+".Name", "name the volume")
		} else {
			p.LabelName(field+".Name", v.name())
		}
		if names[v.name()] && v.Name != "" {
			p.Add(millrace.RuleDuplicate, field+".Name", quoted(v.name())+" is in the list before", "rename one of the two")
		}
		names[v.name()] = true
		clean := path.Clean(v.Path)
		switch {
		case v.Path == "":
			p.Required(field+".Path", "say where it is mounted")
		case !path.IsAbs(v.Path) || strings.Contains(v.Path, ":"):
			p.Invalid(field+".Path", v.Path, "not an absolute path", "start it with '/', without ':'")
		case paths[clean]:
			p.Add(millrace.RuleDuplicate, field+".Path", "another volume is mounted at "+quoted(clean), "mount one of the two elsewhere")
		}
		paths[clean] = true
		if path.IsAbs(v.SubPath) || v.SubPath == ".." || strings.HasPrefix(path.Clean(v.SubPath), "../") {
			p.Invalid(field+".SubPath", v.SubPath, "leads out of the volume", "use a path relative to the volume's root")
		}
		if v.ReadOnly && v.Scratch {
			p.Conflict(field+".ReadOnly", "Spark writes to its scratch volumes", "leave one of the two out")
		}
		checkOneOf(p, field+".Source", v.Source, "set one of them, such as EmptyDir or PersistentVolumeClaim")
	}
}

// checkOneOf asks for exactly one of a struct of pointers.
func checkOneOf(p *millrace.Problems, field string, union any, fix string) {
	v, set := reflect.ValueOf(union), 0
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			set++
		}
	}
	switch {
	case set == 0:
		p.Required(field, fix)
	case set > 1:
		p.Conflict(field, "more than one of its fields is set", fix)
	}
}
