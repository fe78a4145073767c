@NullMarked
package io.weir.reactive.session.memory;

import org.jspecify.annotations.NullMarked;
