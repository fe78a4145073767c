@NullMarked
package io.weir.reactive.session.loop;

import org.jspecify.annotations.NullMarked;
