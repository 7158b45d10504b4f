module Settings

let offset = System.Int32.Parse "100"

type Limits() =
    static let most = System.Int32.Parse "11"
    static member Most = most
