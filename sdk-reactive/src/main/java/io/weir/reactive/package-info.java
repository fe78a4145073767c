/**
 * Weir's public API: nodes, sessions, streams, events and codecs as interfaces and records. Nothing here does anything
 * by itself; {@code io.weir.Weir} is the way in, and the packages below this one hold what makes it work.
 */
@NullMarked
package io.weir.reactive;

import org.jspecify.annotations.NullMarked;
