/** Requests with their replies, and one-way messages: those of this side, and those of the peer with their handlers. */
@NullMarked
package io.weir.reactive.session.message;

import org.jspecify.annotations.NullMarked;
