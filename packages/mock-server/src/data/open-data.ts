import { Data } from './data.ts'
import { checkDataFolder } from './data-format.ts'
import { openDatabase } from './database.ts'

/** Opens a data folder, or makes it; rejects with a `DataError` that says what to do. The folder is this process's alone until it is closed. */
export async function openData(folder: string): Promise<Data> {
  await checkDataFolder(folder)
  return new Data(await openDatabase(folder))
}
