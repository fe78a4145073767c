/** Tests of sessions and streams between two nodes. */
@NullMarked
package io.weir.reactive.session;

import org.jspecify.annotations.NullMarked;
