package upstream_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/workflow"
)

const plotGlobalTemperature = `set xlabel 'Year'; set ylabel 'Mean';
set grid;
set datafile separator ',';
set term png size 600,400;
set output '/out/assets/global-temp.png';
plot '/in/annual.csv' every 2::0 skip 1 using 2:3 title 'Global Temperature' with lines linewidth 2;
`

const writeReport = `cowsay "hello world" > /out/hello.txt

cat > /out/hello.json <<EOF
{"hello": {"world": true}} 
EOF

echo '* {font-family: sans-serif}' > /out/assets/styles.css

cat > /out/index.html <<EOF
<html>
  <head>
    <link rel='stylesheet' href='assets/styles.css' type='text/css'/>
  </head>
  <body>
    <h1>Global Temperature</h1>
    <img src='assets/global-temp.png'/>
  </body>
</html>
EOF

cat > /out/malicious.html <<EOF
<html>
  <body>
    <script>alert(1)</script>
    <p>This page attempts to run a script that shows an alert, but the Argo Server UI Content-Security-Policy will prevent that.</p>
    <p>To check, open your Web Console and see that "Blocked script execution ... because the document's frame is sandboxed." (or similar) is printed.</p>
  </body>
</html>
EOF
`

// TestKindsOfArtifacts puts out files and directories, as they are and packed,
// from volumes that three containers share.
func TestKindsOfArtifacts(t *testing.T) {
	in, out := emptyDir("in"), emptyDir("out")
	file := func(name, path, key string) workflow.Artifact {
		return workflow.Artifact{Name: name, Path: "/out" + path, From: workflow.RepositoryKey(key), Archive: workflow.NoArchive{}}
	}
	packed := func(name, path, key string) workflow.Artifact {
		a := file(name, path, key)
		a.Archive = nil
		return a
	}
	setup := &workflow.SetContainer{Name: "setup", Container: shell("argoproj/argosay:v2", "mkdir -p /out/assets\n")}
	plot := &workflow.SetContainer{Name: "gnuplot", After: []*workflow.SetContainer{setup},
		Container: workflow.Container{Image: "remuslazar/gnuplot", Args: []string{"-e", plotGlobalTemperature}}}
	main := &workflow.SetContainer{Name: "main", After: []*workflow.SetContainer{setup},
		Container: shell("argoproj/argosay:v2", writeReport)}
	same(t, "artifacts-workflowtemplate.yaml", plain(&workflow.Definition{
		Name:     "main",
		Settings: workflow.Settings{Pod: workflow.PodSettings{Volumes: []corev1.Volume{in, out}}},
		Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{{
			Name: "temps", Path: "/in/annual.csv", From: workflow.HTTPFile{URL: "https://datahub.io/core/global-temp/r/annual.csv"},
		}}},
		Step: workflow.ContainerSet{
			Mounts:     []corev1.VolumeMount{workflow.Mount(in, "/in"), workflow.Mount(out, "/out")},
			Containers: []*workflow.SetContainer{setup, plot, main},
		},
		Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{
			file("text-file", "/hello.txt", "hello.txt"), file("json-file", "/hello.json", "hello.json"),
			file("css-file", "/assets/styles.css", "styles.css"), file("malicious-file", "/malicious.html", "malicious.html"),
			file("report", "", "report/"),
			packed("tgz-file", "/hello.txt", "file.tgz"), packed("tgz-dir", "", "dir.tgz"),
		}},
	}))
}
