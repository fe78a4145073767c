/**
 * Operators that tie Reactive Streams demand to credit, usable on any {@link reactor.core.publisher.Flux}:
 * {@link io.weir.reactive.operator.CreditGate} lets elements pass only under credit, and
 * {@link io.weir.reactive.operator.CreditGrant} turns elements taken downstream into credit. Between the two lies
 * whatever carries elements one way and grants the other way; together they make a slow subscriber stop a publisher at
 * the far end of it. {@link io.weir.reactive.operator.Heartbeats} keeps a flux from falling silent, and notices when one
 * does. {@link io.weir.reactive.operator.Reliability} repairs what a bad wire does to a flux.
 */
@NullMarked
package io.weir.reactive.operator;

import org.jspecify.annotations.NullMarked;
