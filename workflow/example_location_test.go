package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// Where artifacts lie: each place has a type.
func ExampleLocation() {
	token := workflow.Secret{Name: "artifacts", Key: "token"}
	places := []workflow.Location{
		workflow.S3{Endpoint: "s3.amazonaws.com", Bucket: "landing", Key: "orders.csv", SDKCredentials: true},
		workflow.GCS{Bucket: "landing", Key: "orders.csv"},
		workflow.Azure{Endpoint: "https://acme.blob.core.windows.net", Container: "landing", Blob: "orders.csv", SDKCredentials: true},
		workflow.OSS{Endpoint: "oss-eu-central-1.aliyuncs.com", Bucket: "landing", Key: "orders.csv", SDKCredentials: true},
		workflow.HDFS{Addresses: []string{"namenode:8020"}, Path: "/landing/orders.csv", User: "etl"},
		workflow.Artifactory{URL: "https://artifacts.example.com/orders.csv", User: token, Password: token},
		workflow.HTTPFile{URL: "https://example.com/orders.csv"},
		workflow.Git{Repo: "https://github.com/acme/models.git", Revision: "v1.2.0", Depth: 1},
		workflow.Content("id,amount\n"),
		workflow.RepositoryKey("exports/orders.csv"),
	}
	for _, place := range places {
		object, err := (&workflow.Template{
			Name: "orders", ServiceAccount: "etl",
			Tasks: []*workflow.Task{{
				Name: "load", Inputs: []workflow.Artifact{{Name: "orders", Path: "/in/orders", From: place}},
				Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}},
			}},
		}).WorkflowTemplate()
		if err != nil {
			fmt.Println(err)
			return
		}
		at, err := object.GetTemplateByName("load").Inputs.Artifacts[0].Get()
		if err != nil {
			fmt.Println(err)
			return
		}
		key, _ := at.GetKey()
		fmt.Printf("%T %q\n", at, key)
	}
	// Output:
	// *v1alpha1.S3Artifact "orders.csv"
	// *v1alpha1.GCSArtifact "orders.csv"
	// *v1alpha1.AzureArtifact "orders.csv"
	// *v1alpha1.OSSArtifact "orders.csv"
	// *v1alpha1.HDFSArtifact "/landing/orders.csv"
	// *v1alpha1.ArtifactoryArtifact "/orders.csv"
	// *v1alpha1.HTTPArtifact "/orders.csv"
	// *v1alpha1.GitArtifact ""
	// *v1alpha1.RawArtifact ""
	// *v1alpha1.S3Artifact "exports/orders.csv"
}
