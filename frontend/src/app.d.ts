declare global {
  namespace App {
    /** Kept in the history entry, so that going back finds the page as it was left. */
    interface PageState {
      selected?: string[];
    }
  }
}

export {};
