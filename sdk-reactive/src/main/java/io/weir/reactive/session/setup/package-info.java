/** From a fresh link to a ready session: handshake, admission, and the contest for being the one session with a peer. */
@NullMarked
package io.weir.reactive.session.setup;

import org.jspecify.annotations.NullMarked;
