module Settings

let offset = System.Int32.Parse "100"

module Inner =
    let step = offset / 10
