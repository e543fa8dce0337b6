# The everyday commands. MILLRACE_CORPUS is a directory that holds upstream's
# CRDs and example manifests; only generate and corpus need it.
GOLANGCI := v2.15.0
KARPENTER := v1.14.1
KARPENTER_AWS := v1.14.1
KEDA := v2.21.0

.PHONY: all test race lint bench fuzz golden generate kafkaconf sparkconf corpus oracle e2e ci

all: lint test

test: ## what README.md names
	go test ./...

race:
	go test -race -shuffle=on ./...

bin/golangci-lint:
	GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)

lint: bin/golangci-lint
	go vet ./...
	bin/golangci-lint run ./...

bench: ## the writer, the schema engine and the policy, each beside its like
	go test -run '^$$' -bench . ./internal/yaml
	cd internal/oracle/schema && MILLRACE_CORPUS=$(MILLRACE_CORPUS) go test -run '^$$' -bench Check .
	cd internal/oracle/builtin && go test -run '^$$' -bench . .
	go test -run '^$$' -bench Platform ./policy
	go test -run '^$$' -bench . ./workflow ./internal/argo
	cd internal/oracle/argo && go test -run '^$$' -bench Check -benchtime 1x .

fuzz:
	.ci/fuzz

golden: ## rewrite the golden files; read the diff before you commit it
	go test $$(go list -f '{{.Dir}}' ./... | xargs grep -lE 'flag.Bool\("update"' -r --include='*_test.go' | xargs -n1 dirname | sort -u) -update
	go run ./examples/article -o examples/article/manifests

module = $(shell go mod download -json $(1) | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')

generate: ## CRDS is a directory of upstream's CRDs
	mkdir -p bin/crds
	go run ./internal/crdgen/cmd/crdwrap -schemas $(CRDS)/gke -out bin/crds
	go run ./internal/schema/cmd/schemagen -out internal/schema/data \
		$(CRDS)/strimzi-1.2.0 $(CRDS)/spark-apache-1.0 \
		$(call module,github.com/kubeflow/spark-operator/v2@v2.5.1)/config/crd/bases \
		$(call module,github.com/argoproj/argo-workflows/v3@v3.7.14)/manifests/base/crds/full \
		4=$(call module,github.com/argoproj/argo-workflows/v4@v4.0.2)/manifests/base/crds/full \
		bin/crds \
		$(call module,sigs.k8s.io/karpenter@$(KARPENTER))/pkg/apis/crds \
		$(call module,github.com/aws/karpenter-provider-aws@$(KARPENTER_AWS))/pkg/apis/crds \
		$(call module,github.com/kedacore/keda/v2@$(KEDA))/config/crd/bases
	go run ./internal/crdgen/cmd/crdgen -package strimziv1 -crds $(CRDS)/strimzi-1.2.0 -out kafka/strimziv1
	go run ./internal/crdgen/cmd/crdgen -package apachev1 -crds $(CRDS)/spark-apache-1.0 -out spark/apachev1
	go run ./internal/crdgen/cmd/crdgen -package karpenterv1 \
		-crds $(call module,sigs.k8s.io/karpenter@$(KARPENTER))/pkg/apis/crds -out nodepool/karpenterv1
	go run ./internal/crdgen/cmd/crdgen -package karpenterawsv1 \
		-crds $(call module,github.com/aws/karpenter-provider-aws@$(KARPENTER_AWS))/pkg/apis/crds -out nodepool/karpenterawsv1
	go run ./internal/crdgen/cmd/crdgen -package computeclassv1 -crds bin/crds -out nodepool/computeclassv1
	go run ./internal/crdgen/cmd/crdgen -package kedav1alpha1 \
		-crds $(call module,github.com/kedacore/keda/v2@$(KEDA))/config/crd/bases -out kafka/kedav1alpha1

kafkaconf: ## KAFKA_JARS is 4.0=DIR … 4.3=DIR, see internal/kafkaconf
	go run ./internal/kafkaconf/cmd/confgen -out internal/kafkaconf/settings.txt $(KAFKA_JARS)

sparkconf: ## SPARK_SOURCES is 3.5=DIR 4.0=DIR 4.1=DIR, see internal/sparkconf
	go run ./internal/sparkconf/cmd/confgen -out internal/sparkconf/settings.txt $(SPARK_SOURCES)

corpus:
	MILLRACE_CORPUS=$(MILLRACE_CORPUS) go test -tags corpus ./...

oracle:
	cd internal/oracle/admission && go test ./...
	cd internal/oracle/argo && go test ./...
	cd internal/oracle/builtin && go test ./...
	.ci/java
	.ci/terraform $(CURDIR)/bin
	cd internal/oracle/kafka && go test ./...
	cd internal/oracle/karpenter && go test ./...
	cd internal/oracle/netpolicy && go test ./...
	cd internal/oracle/spark && go test ./...
	cd internal/oracle/terraform && PATH=$$PATH:$(CURDIR)/bin go test ./...
	cd internal/oracle/schema && MILLRACE_CORPUS=$(MILLRACE_CORPUS) go test ./...

e2e: ## a real cluster; its last lines name each proof and its time
	MILLRACE_CORPUS=$(MILLRACE_CORPUS) .ci/e2e

ci:
	bash .ci/run
