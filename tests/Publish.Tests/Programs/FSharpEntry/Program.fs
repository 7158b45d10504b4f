module Program

open System
open Actors

let factor = Int32.Parse "7"
let total = Seq.sum Shop.Prices.table.Values
let scale x = x * factor
let mutable assigned = Int32.Parse "1"

module Nested =
    let names = [| "pear"; "plum" |] |> Array.map (fun name -> name + "s")

let show (name: string) (run: unit -> int[]) =
    try
        printfn "%s: %A" name (run ())
    with e ->
        printfn "%s: %s" name (e.GetBaseException().Message)

[<EntryPoint>]
let main _ =
    assigned <- 5
    use pool = ProcessPool.StartAsync(2).GetAwaiter().GetResult()
    let three = seq { 1..3 }
    show "lambda" (fun () -> pool.MapAsync((fun x -> x * factor), three).Result)
    show "function" (fun () -> pool.MapAsync(scale, three).Result)
    show "computed" (fun () -> pool.MapAsync((fun x -> x + total), three).Result)
    show "nested" (fun () -> pool.MapAsync((fun x -> x + Nested.names[0].Length), three).Result)
    show "other file" (fun () -> pool.MapAsync((fun x -> x + Settings.offset + Settings.Inner.step), three).Result)
    show "table" (fun () -> pool.MapAsync((fun (name: string) -> Shop.Prices.price name), [ "pear"; "plum" ]).Result)
    show "class" (fun () -> pool.MapAsync((fun x -> Shop.Prices.Discount.Apply(x * 10)), three).Result)
    // As a static field of C# that is assigned in Main.
    show "assigned in main" (fun () -> pool.MapAsync((fun x -> x + assigned), three).Result)
    0
