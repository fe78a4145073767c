package io.weir.reactive.transport.dns;

/**
 * An SRV record (RFC 2782).
 *
 * @param host without the dot at its end; empty says that there is no such service
 * @param port 0..65,535
 * @param priority 0..65,535, the lowest is to be tried first
 * @param weight 0..65,535
 */
public record DnsService(String host, int port, int priority, int weight) {}
