/** Questions to DNS that a program asks for itself, with the answers' time to live; and the addresses of names. */
@NullMarked
package io.weir.reactive.transport.dns;

import org.jspecify.annotations.NullMarked;
