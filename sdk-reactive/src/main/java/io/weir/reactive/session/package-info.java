/**
 * One session: its face to users and node, the core that joins its parts, its states, HELLO, liveness, drain and the lanes from
 * which records are filled. What it is made of has rooms of its own; arrows point one way.
 *
 * <pre>
 *                       setup
 *                         |
 *                         v
 *                      session  ------------------+
 *                     /       \                   |
 *                    v         v                  v
 *                 stream     message           carrier
 *                   |  \     /  |                 |
 *                   v   v   v   v                 |
 *                 memory   dispatch               |
 *                    |         |                  |
 *                    v         v                  v
 *                             loop (SessionContext)
 * </pre>
 *
 * Everything here is confined to the session's {@link io.weir.reactive.transport.SessionLoop} unless a class says otherwise, so
 * state has no locks.
 */
@NullMarked
package io.weir.reactive.session;

import org.jspecify.annotations.NullMarked;
