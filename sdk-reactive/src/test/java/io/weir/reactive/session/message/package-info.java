@NullMarked
package io.weir.reactive.session.message;

import org.jspecify.annotations.NullMarked;
