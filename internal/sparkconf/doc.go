// Package sparkconf knows Spark's settings: which there are in which version,
// what values they take, and what they are without one.
//
// settings.txt is the table, made by cmd/confgen from the sources of Spark
// 3.5, 4.0 and 4.1: everything that is declared with Spark's ConfigBuilder,
// and the keys that its code reads without having declared them. Versions
// before 3.5 are judged by the version that a setting is declared to be
// since, versions after 4.1 as 4.1.
//
// To make the table again, unpack the sources jars that cmd/confgen names
// (build tools fetch them under the classifier "sources") into a directory for
// each version, and run
//
//	make sparkconf SPARK_SOURCES="3.5=DIR 4.0=DIR 4.1=DIR"
//
//	table.go     the table as it is read
//	setting.go   Setting: what one version says about a key
//	value.go     values, judged as Spark's own parsers do
//	families.go  names that are built: spark.kubernetes.driver.label.NAME
//	suggest.go   what a misspelt key was meant to be
package sparkconf
