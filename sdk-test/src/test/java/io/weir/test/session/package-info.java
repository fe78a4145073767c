@NullMarked
package io.weir.test.session;

import org.jspecify.annotations.NullMarked;
