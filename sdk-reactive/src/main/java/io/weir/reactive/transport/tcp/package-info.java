/**
 * The TCP transport, on Reactor Netty for resolving, dialling, binding and event loops, with a handler of its own for
 * the bytes.
 */
@NullMarked
package io.weir.reactive.transport.tcp;

import org.jspecify.annotations.NullMarked;
