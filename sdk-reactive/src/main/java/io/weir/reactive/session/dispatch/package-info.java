/** Calls the handlers of what peers begin: one bound for a node, shared out by session. */
@NullMarked
package io.weir.reactive.session.dispatch;

import org.jspecify.annotations.NullMarked;
