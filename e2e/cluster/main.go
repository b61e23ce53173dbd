package main

import "os"

func main() { os.Exit(runKubernetes(kubernetes[os.Args[1]])) }
