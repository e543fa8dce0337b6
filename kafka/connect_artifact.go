package kafka

import (
	"strings"

	"github.com/millrace/millrace/kafka/strimziv1"
)

func (d Download) artifact() strimziv1.Artifact {
	out := strimziv1.Artifact{Type: strimziv1.ArtifactType(d.Type), URL: text(d.URL), SHA512Sum: text(d.SHA512), FileName: text(d.FileName)}
	if d.Type == "" {
		out.Type = strimziv1.ArtifactType(typeByURL(d.URL))
	}
	if d.Insecure {
		out.Insecure = new(true)
	}
	return out
}

// typeByURL tells what a file is by what its URL ends in.
func typeByURL(url string) ArtifactType {
	path, _, _ := strings.Cut(url, "?")
	path, _, _ = strings.Cut(path, "#")
	path = strings.ToLower(path)
	for _, one := range []struct {
		suffix string
		is     ArtifactType
	}{{".jar", JAR}, {".tgz", TGZ}, {".tar.gz", TGZ}, {".zip", ZIP}} {
		if strings.HasSuffix(path, one.suffix) {
			return one.is
		}
	}
	return OtherFile
}

func (m Maven) artifact() strimziv1.Artifact {
	out := strimziv1.Artifact{Type: strimziv1.ArtifactTypeMaven, Group: text(m.Group), Artifact: text(m.Artifact), Version: text(m.Version),
		Repository: text(m.Repository), IncludeScope: strimziv1.ArtifactScope(m.Scope)}
	for _, url := range m.Mirrors {
		out.Mirrors = append(out.Mirrors, strimziv1.ArtifactMirror{URL: url})
	}
	if m.Insecure {
		out.Insecure = new(true)
	}
	return out
}
