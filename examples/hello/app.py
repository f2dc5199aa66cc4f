"""The smallest application that can be reached: one call for each thing it needs."""

from k8s_gen import App

hello = App("hello").image("nginxdemos/hello:0.4").port(80).replicas(2).expose("hello.example.com")

hello.for_environment("prod").replicas(4)
