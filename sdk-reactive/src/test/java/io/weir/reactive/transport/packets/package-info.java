/** A carrier of order NONE, for tests: small packets that are lost, come late and come again, at random. */
@NullMarked
package io.weir.reactive.transport.packets;

import org.jspecify.annotations.NullMarked;
