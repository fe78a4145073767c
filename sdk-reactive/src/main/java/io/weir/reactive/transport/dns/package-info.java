/** Questions to DNS that a program asks for itself, with the answers' time to live. */
@NullMarked
package io.weir.reactive.transport.dns;

import org.jspecify.annotations.NullMarked;
