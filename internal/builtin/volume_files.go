package builtin

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/schema"
)

// files checks a volume with the files of a secret or a ConfigMap.
func (p *podCheck) files(source, field, name string, mode *int32, items []corev1.KeyToPath) {
	p.enter(source)
	if name == "" {
		p.required(field, "name it")
	}
	p.mode("defaultMode", mode)
	p.items(items, nil)
	p.leave()
}

// items checks which keys become which files; seen is told the paths.
func (p *podCheck) items(items []corev1.KeyToPath, seen func(path string)) {
	p.enter("items")
	for i := range items {
		item := &items[i]
		p.item(i)
		if item.Key == "" {
			p.required("key", "name the key")
		}
		if item.Path == "" {
			p.required("path", "name the file")
		}
		p.insideVolume("path", item.Path)
		p.mode("mode", item.Mode)
		p.leave()
		if seen != nil && item.Path != "" {
			seen(item.Path)
		}
	}
	p.leave()
}

func (p *podCheck) downward(d *corev1.DownwardAPIVolumeSource) {
	p.enter("downwardAPI")
	p.mode("defaultMode", d.DefaultMode)
	p.downwardFiles(d.Items, nil)
	p.leave()
}

// downwardFiles checks files of the downward API; seen is told the paths.
func (p *podCheck) downwardFiles(files []corev1.DownwardAPIVolumeFile, seen func(path string)) {
	p.enter("items")
	for i := range files {
		p.item(i)
		p.downwardFile(&files[i])
		p.leave()
		if seen != nil && files[i].Path != "" {
			seen(files[i].Path)
		}
	}
	p.leave()
}

func (p *podCheck) downwardFile(f *corev1.DownwardAPIVolumeFile) {
	if f.Path == "" {
		p.required("path", "name the file")
	}
	p.insideVolume("path", f.Path)
	switch {
	case f.FieldRef != nil:
		p.fieldRef(f.FieldRef, true)
		if f.ResourceFieldRef != nil {
			p.problem("", schema.RuleInvalid, "has both fieldRef and resourceFieldRef", "keep one of them")
		}
	case f.ResourceFieldRef != nil:
		p.resourceFieldRef(f.ResourceFieldRef, true)
	default:
		p.missing("", "has neither fieldRef nor resourceFieldRef", "set one of them")
	}
	p.mode("mode", f.Mode)
}
