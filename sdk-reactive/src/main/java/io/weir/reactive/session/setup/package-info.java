/**
 * From a fresh link to a ready session: handshake, admission, and a connection's candidacy for being the one session with its
 * peer, which the node's {@code Contest} decides.
 */
@NullMarked
package io.weir.reactive.session.setup;

import org.jspecify.annotations.NullMarked;
