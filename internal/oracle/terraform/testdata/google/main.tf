variable "region" {
  default = "europe-west1"
}
variable "project" {
  default = "data"
}
variable "clusters" {
  default = { "a.b/c" = "one-of-many" }
}
locals {
  cluster = "local"
}
module "gke" {
  source = "./module"
}
resource "google_container_cluster" "main" {
  name     = "main"
  location = "europe-west1"
  id       = "projects/p/locations/l/clusters/main"
}
resource "google_container_cluster" "many" {
  count    = 1
  name     = "many"
  location = "europe-west1"
}
resource "google_container_cluster" "named" {
  for_each = { blue = "x" }
  name     = "blue"
  location = "europe-west1"
}
resource "google_compute_image" "spark" {
  id = "projects/p/global/images/spark"
}
resource "google_service_account" "nodes" {
  email = "nodes@project.iam.gserviceaccount.com"
}
data "google_project" "this" {
  project_id = "p"
}
data "google_container_cluster" "main" {
  name     = "main"
  location = "europe-west1"
}
